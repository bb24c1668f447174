/**
 * Where Open WebUI's API is, compiled in. A path, not a host: the page's own server forwards it, since a browser can
 * resolve no name of the cluster.
 */
export const baseUrl: string = (import.meta.env.VITE_API_BASE_URL ?? "/api").replace(/\/+$/, "");
