import type { ReactNode } from "react";

import type { FailureText } from "../api/failure-text";
import { WarningIcon } from "./icons";

/** A failure as a person reads it; what the server said, word for word, is folded away where it is long. */
export function Notice({ text, children }: { text: FailureText; children?: ReactNode }) {
  const { title, advice, detail } = text;
  return (
    <div className="notice" role="alert">
      <WarningIcon />
      <div className="notice-text">
        <strong>{title}</strong>
        <p>{advice}</p>
        {detail === undefined ? null : detail.length <= 120 ? (
          <p className="notice-detail">{detail}</p>
        ) : (
          <details>
            <summary>What the server said</summary>
            <p className="notice-detail">{detail}</p>
          </details>
        )}
        {children}
      </div>
    </div>
  );
}
