import type { ApiFailure } from "../api/failure";
import { failureText } from "../api/failure-text";
import { Mark } from "../parts/mark";
import { Notice } from "../parts/notice";

interface Props {
  readonly failure?: ApiFailure | undefined;
  readonly onRetry: () => void;
}

/** What a person sees until there is a session. */
export function Connecting({ failure, onRetry }: Props) {
  return (
    <main className="card-page">
      <div className="card">
        <Mark />
        <h1 className="visually-hidden">Chat</h1>
        {failure ? (
          <>
            <Notice text={failureText(failure)} />
            <p className="card-lead waiting">Trying again every few seconds</p>
            <button type="button" className="secondary-button" onClick={onRetry}>
              Try now
            </button>
          </>
        ) : (
          <p className="card-lead waiting" role="status">
            Connecting
          </p>
        )}
      </div>
    </main>
  );
}
