import { browserStorage } from "./browser-storage";

/** One short text which the browser keeps; reading gives none, and writing does nothing, where it keeps nothing. */
export function storedText(key: string) {
  return {
    read(): string | undefined {
      return browserStorage()?.getItem(key) ?? undefined;
    },
    write(text: string | undefined): void {
      try {
        if (text === undefined) browserStorage()?.removeItem(key);
        else browserStorage()?.setItem(key, text);
      } catch {
        // Full: then it holds until the page is closed.
      }
    },
  };
}
