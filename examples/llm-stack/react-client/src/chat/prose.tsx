import Markdown from "markdown-to-jsx/react";
import type { ComponentProps } from "react";

import { CodeBlock } from "./code-block";

/**
 * What a model wrote, as Markdown. It is not to be trusted: HTML stays text, and a picture becomes a link, since merely
 * to show it would tell a stranger's server what was read here.
 */
export function Prose({ text, growing }: { text: string; growing: boolean }) {
  return (
    <div className="prose" dir="auto">
      <Markdown
        options={{
          disableParsingRawHTML: true,
          optimizeForStreaming: growing,
          forceBlock: true,
          overrides: { a: Link, img: Picture, pre: CodeBlock, table: Table },
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}

function Link({ href, children, title }: ComponentProps<"a">) {
  return (
    <a href={href} title={title} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function Picture({ src, alt }: ComponentProps<"img">) {
  return <Link href={src}>{alt || src}</Link>;
}

function Table({ children }: ComponentProps<"table">) {
  return (
    <div className="table-scroller">
      <table>{children}</table>
    </div>
  );
}
