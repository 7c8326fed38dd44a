/** Vim's keys in the editor; loaded only for those who want them. */

import { Vim, vim } from "@replit/codemirror-vim";

/**
 * @param {() => void} save What `:w` does.
 * @returns {import("@codemirror/state").Extension}
 */
export function vimKeys(save) {
  Vim.defineEx("write", "w", save);
  return vim({ status: true });
}
