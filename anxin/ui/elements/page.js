// Page-wide behaviour that is not an element.

// A page that comes back with errors starts at their summary.
export function focusErrors() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

export function whenReady(start) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
