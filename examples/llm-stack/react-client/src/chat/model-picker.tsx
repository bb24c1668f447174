import type { Model } from "../api/models";
import { ChevronIcon } from "../parts/icons";

interface Props {
  readonly models: readonly Model[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function ModelPicker({ models, chosen, onChoose }: Props) {
  return (
    <label className="model-picker">
      <span className="visually-hidden">Model</span>
      <select value={chosen ?? ""} disabled={models.length === 0} onChange={(event) => onChoose(event.target.value)}>
        {models.length === 0 ? <option value="">No models</option> : null}
        {models.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <ChevronIcon />
    </label>
  );
}
