import { useEffect, useState } from "react";

import { storedText } from "../storage/stored-text";

export type Theme = "system" | "light" | "dark";

const chosen = storedText("llm-stack.theme"); // public/theme.js reads it before the first paint

function asTheme(text: string | undefined): Theme {
  return text === "light" || text === "dark" ? text : "system";
}

/** The person's choice, which wins over the system's. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => asTheme(chosen.read()));
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    chosen.write(theme === "system" ? undefined : theme);
  }, [theme]);
  return [theme, setTheme];
}
