import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` has no nginx in front: it forwards to the Open WebUI that `skaffold dev --port-forward` puts on 8080.
const openWebUi = process.env["OPENWEBUI_URL"] ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  server: { port: 3000, proxy: { "/api": openWebUi } },
  build: { target: "es2022" },
});
