// Applies the chosen theme; src/theme/use-theme.ts keeps the choice under the same key.
try {
  const chosen = localStorage.getItem("llm-stack.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // The browser keeps nothing: the system's theme holds.
}
