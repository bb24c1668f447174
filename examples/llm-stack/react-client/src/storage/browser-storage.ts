/** The browser's storage, unless the person's settings forbid it: then even to name it throws. */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
