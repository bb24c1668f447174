import { useEffect, useState } from "react";

import { IconButton } from "./icon-button";
import { CopyIcon, DoneIcon } from "./icons";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);

  // Browsers offer the clipboard only to pages that came over TLS or from localhost.
  if (!navigator.clipboard) return null;
  return (
    <IconButton
      label={copied ? "Copied" : label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => undefined)}
    >
      {copied ? <DoneIcon /> : <CopyIcon />}
    </IconButton>
  );
}
