// One key for each act of the desk; docs/desk.md says which. Not while typing, and not loaded where they are turned off.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const typing = "input, select, textarea, [contenteditable]";
  let at = rows.findIndex((row) => "#" + row.id === location.hash);
  const go = (to) => {
    at = Math.max(0, Math.min(rows.length - 1, to));
    if (rows.length) rows[at].focus();
  };
  if (at >= 0) go(at);
  document.addEventListener("focusin", (event) => {
    const row = rows.indexOf(event.target.closest("[data-row]"));
    if (row >= 0) at = row;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.target.closest(typing)) return;
    // On a keyboard that writes Cyrillic the key that bears the Latin letter does.
    const key = /^[a-z?]$/.test(event.key) ? event.key : event.code.replace("Key", "").toLowerCase();
    if (key === "j" || key === "k") return go(at + (key === "j" ? 1 : -1));
    const wanted = `[data-key="${key.replace(/[^a-z?]/g, "")}"]`;
    const found = (rows[at] && rows[at].querySelector(wanted)) || document.querySelector(`:not([data-row] *)${wanted}`);
    if (!found) return;
    event.preventDefault();
    const chosen = String(getSelection()).trim().slice(0, 200);
    if (key === "a" && chosen) document.getElementsByName("words").forEach((one) => (one.value = chosen));
    const folded = found.closest("details");
    if (folded && found.tagName !== "SUMMARY") folded.open = true;
    if (found.matches(typing)) found.focus();
    else found.click();
  });
})();
