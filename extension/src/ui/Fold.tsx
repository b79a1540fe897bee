import { PanelSection } from '@ohif/ui-next';
import type { ReactNode } from 'react';

interface FoldProps {
  /** Its data-cy. */
  name: string;
  title: string;
  children: ReactNode;
}

/** A section of the panel that is folded at first, as OHIF's own. What is folded is not in the page. */
export function Fold({ name, title, children }: FoldProps) {
  return (
    <PanelSection defaultOpen={false} className="ms-fold" data-cy={name}>
      <PanelSection.Header className="h-auto text-left">{title}</PanelSection.Header>
      <PanelSection.Content>
        <div className="ms-unfolded">{children}</div>
      </PanelSection.Content>
    </PanelSection>
  );
}
