/**
 * Light or dark: the system's choice until a person makes their own.
 *
 * Loaded in the head as a plain script, before anything is painted; the block
 * keeps its names out of the global scope.
 */
{
  const KEY = "cloister:theme";
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const announce = () => document.dispatchEvent(new Event("themechange"));

  /** @param {string} theme */
  const choose = (theme) => {
    root.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The choice then lasts until the page is left.
    }
    announce();
  };

  const choice = stored();
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;
  systemDark.addEventListener("change", announce);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    const label = () => {
      const other = isDark() ? "light" : "dark";
      button.title = `Switch to ${other} colours`;
      button.setAttribute("aria-label", button.title);
    };
    button.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
    document.addEventListener("themechange", label);
    label();
  });
}
