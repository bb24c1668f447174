import { memo } from "react";

export const Question = memo(function Question({ content }: { content: string }) {
  return (
    <article className="question" aria-label="You">
      {content}
    </article>
  );
});
