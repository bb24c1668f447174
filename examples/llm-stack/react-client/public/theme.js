// Applies the chosen theme; src/theme/use-theme.ts writes the choice under the same key.
try {
  const chosen = JSON.parse(localStorage.getItem("llm-stack.theme"));
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Nothing readable is stored: the system's theme holds.
}
