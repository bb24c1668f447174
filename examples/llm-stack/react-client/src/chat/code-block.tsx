import { Children, isValidElement, type ReactElement, type ReactNode } from "react";

import { CopyButton } from "../parts/copy-button";

/** A block of code, with its language and a button that copies it. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const code = Children.toArray(children).find(isCode);
  const language = /\b(?:language|lang)-(\S+)/.exec(code?.props.className ?? "")?.[1];
  return (
    <figure className="code-block">
      <figcaption>
        {language === undefined ? null : <span>{language}</span>}
        <CopyButton text={textOf(children)} label="Copy code" />
      </figcaption>
      <pre tabIndex={0}>{children}</pre>
    </figure>
  );
}

function isCode(node: ReactNode): node is ReactElement<{ className?: string }> {
  return isValidElement(node);
}

function textOf(node: ReactNode): string {
  return Children.toArray(node)
    .map((child) =>
      typeof child === "string" || typeof child === "number"
        ? String(child)
        : isValidElement<{ children?: ReactNode }>(child)
          ? textOf(child.props.children)
          : "",
    )
    .join("");
}
