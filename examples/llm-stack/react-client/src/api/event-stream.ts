/**
 * The data of each server-sent event in a byte stream, as the HTML standard parses them: lines end in LF, CR or CRLF,
 * a blank line ends an event, several `data` lines make one text. Other fields and comments are passed over, and an
 * event which the end of the stream cuts off is dropped.
 */
export async function* eventData(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line === "data" || line.startsWith("data:")) {
      data.push(line.slice(5).replace(/^ /, ""));
    }
  }
}

/** Whole lines; the unfinished last one is dropped. */
async function* lines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(); // keeps the first bytes of a character whose last ones come with the next chunk
  const reader = bytes.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        // Only now is a CR at the very end known not to be half of a CRLF.
        if (rest.endsWith("\r")) yield rest.slice(0, -1);
        return;
      }
      rest += decoder.decode(value, { stream: true });
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    // A reader who stops early ends the request, so that the server stops as well.
    await reader.cancel().catch(() => undefined);
  }
}
