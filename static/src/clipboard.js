/** The clipboard, where the browser lets a page write to it. */

/**
 * @param {string} text
 * @returns {Promise<string>} A sentence for the person.
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    // The browser gives the clipboard to secure pages only.
    return "This browser does not let the page copy: select the text and copy it yourself.";
  }
}
