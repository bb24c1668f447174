import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How far from the end, in pixels, still counts as at the end. */
const tolerance = 60;

/** Keeps the end in view while it grows, unless the person has scrolled up to read. */
export function useStickToEnd(content: unknown): {
  scroller: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
} {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < tolerance);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, []);

  useLayoutEffect(() => {
    if (atEnd) toEnd();
  }, [atEnd, content, toEnd]);

  return { scroller, atEnd, toEnd };
}
