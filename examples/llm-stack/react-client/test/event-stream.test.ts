import { expect, test } from "vitest";

import { eventData } from "../src/api/event-stream";
import { recorded, wireBody } from "./contract";
import { collect, inChunks } from "./replay";

const parse = (text: string, size = 1000) => collect(eventData(inChunks(text, size)));

test("the recorded stream gives the same events however it is cut", async () => {
  const stream = wireBody(recorded("chat-stream"));
  const whole = await parse(stream, stream.length);
  expect(whole.length).toBeGreaterThan(100);
  expect(whole.at(-1)).toBe("[DONE]");
  for (const size of [1, 2, 3, 7, 64, 1000]) expect(await parse(stream, size)).toEqual(whole);
});

test.each([
  ["LF", "data: a\n\ndata: b\n\n"],
  ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n"],
  ["CR", "data: a\r\rdata: b\r\r"],
])("lines end in %s", async (_, text) => {
  for (let size = 1; size <= text.length; size++) expect(await parse(text, size)).toEqual(["a", "b"]);
});

test("several data lines are one text, other fields and comments are none", async () => {
  expect(await parse(": ping\n\nevent: x\nid: 1\ndata: a\ndata:b\ndata\n\n")).toEqual(["a\nb\n"]);
});

test("only the first space belongs to the field", async () => {
  expect(await parse("data:  a\n\n")).toEqual([" a"]);
});

test("a character is kept whole over chunks", async () => {
  expect(await parse("data: Grüße 👋\n\n", 1)).toEqual(["Grüße 👋"]);
});

test("an event that is cut off is dropped", async () => {
  expect(await parse("data: a\n\ndata: b\n")).toEqual(["a"]);
  expect(await parse("data: a\n\ndata: b")).toEqual(["a"]);
});

test("whoever stops reading ends the request", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const data of eventData(endless)) {
    expect(data).toBe("a");
    break;
  }
  expect(cancelled).toBe(true);
});
