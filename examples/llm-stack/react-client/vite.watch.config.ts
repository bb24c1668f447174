import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, mergeConfig, type Plugin } from "vite";

import base from "./vite.config.ts";

// For the image's stage `dev`: file sync puts edited files beside this one, and each edit makes a new page.
export default mergeConfig(
  base,
  defineConfig({
    plugins: [watchPublicFiles("public")],
    build: {
      reportCompressedSize: false,
      watch: {
        // Sync unpacks several files one after another: wait until all are there.
        watcher: { useDebounce: true, debounceDelay: 150 },
      },
    },
  }),
);

/** Vite copies these files without having read them, so its watcher does not know them. */
function watchPublicFiles(directory: string): Plugin {
  return {
    name: "watch-public-files",
    buildStart() {
      this.addWatchFile(directory);
      for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
        this.addWatchFile(join(entry.parentPath, entry.name));
      }
    },
  };
}
