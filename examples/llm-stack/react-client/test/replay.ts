import { expect, vi } from "vitest";

import { recorded, wireBody } from "./contract";

/**
 * Lets the next `fetch` be the recorded exchange: the request has to be the recorded one, and the answer comes in chunks
 * of the given size.
 */
export function replay(name: string, chunkSize = 1000): void {
  const exchange = recorded(name);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    expect({
      method: init.method,
      path: url,
      authorization: headers.get("Authorization") ?? undefined,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
    }).toEqual({ authorization: undefined, body: undefined, ...exchange.request });
    return new Response(inChunks(wireBody(exchange), chunkSize, init.signal), {
      status: exchange.response.status,
      headers: { "Content-Type": exchange.response.contentType },
    });
  });
}

/** A body which, as that of a real response, fails once the request is aborted. */
export function inChunks(text: string, size: number, signal?: AbortSignal | null): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason);
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
