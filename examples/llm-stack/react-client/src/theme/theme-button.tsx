import { IconButton } from "../parts/icon-button";
import { MoonIcon, SunIcon, SystemIcon } from "../parts/icons";
import { useTheme, type Theme } from "./use-theme";

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const icons = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

export function ThemeButton() {
  const [theme, setTheme] = useTheme();
  const Icon = icons[theme];
  return (
    <IconButton label={`Theme: ${theme}. Change to ${next[theme]}`} onClick={() => setTheme(next[theme])}>
      <Icon />
    </IconButton>
  );
}
