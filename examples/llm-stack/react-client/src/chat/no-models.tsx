import { Notice } from "../parts/notice";

export function NoModels() {
  return (
    <div className="column">
      <Notice
        text={{
          title: "There are no models yet",
          advice: "Open WebUI has not reached the model gateway (LiteLLM), which may still be starting. Trying again every few seconds.",
        }}
      />
    </div>
  );
}
