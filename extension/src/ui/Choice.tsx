import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@ohif/ui-next';
import type { KeyboardEvent } from 'react';

interface ChoiceProps {
  /** Name of the control. */
  label: string;
  /** Its data-cy. */
  name?: string;
  value: string;
  options: readonly { value: string; label: string }[];
  disabled: boolean;
  onChoose: (value: string) => void;
}

/** A choice of one of several options, as OHIF's own. */
export function Choice({ label, name, value, options, disabled, onChoose }: ChoiceProps) {
  return (
    <Select value={value} disabled={disabled} onValueChange={onChoose}>
      <SelectTrigger className="ms-choice" aria-label={label} data-cy={name}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent onKeyDown={keepKeys}>
        {options.map(option => (
          <SelectItem key={option.value} value={option.value}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

/** Arrows, Home, End and letters choose in the open list; OHIF's hotkeys would scroll the images too. */
function keepKeys(event: KeyboardEvent): void {
  event.stopPropagation();
}
