import { readFileSync } from "node:fs";

/** What a real Open WebUI said; tests/client/record-contract writes these files. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly authorization?: string;
    readonly body?: unknown;
  };
  readonly response: { readonly status: number; readonly contentType: string; readonly body: unknown };
}

const directory = new URL("../../../../tests/client/contract/", import.meta.url);

export function recorded(name: string): Exchange {
  return JSON.parse(readFileSync(new URL(`${name}.json`, directory), "utf8"));
}

/** The recorded body as it was on the wire. */
export function wireBody({ response }: Exchange): string {
  return typeof response.body === "string" ? response.body : JSON.stringify(response.body);
}
