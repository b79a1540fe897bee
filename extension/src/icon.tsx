import { Icons } from '@ohif/ui-next';

/** Name of the icon in OHIF's set. */
export const ICON = 'modality-synthesis';

/** A brain slice, half solid and half dotted: the dotted half was not acquired. */
function SynthesisIcon({ className }: { className?: string }) {
  return (
    <svg className={className} width="28" height="28" viewBox="0 0 28 28" fill="none" aria-hidden="true">
      <g stroke="currentColor" strokeWidth="1.6" strokeLinecap="round">
        <path d="M14 4.5c-5 0-8 4-8 9.500s3 9.500 8 9.500" />
        <path d="M14 4.500c5 0 8 4 8 9.500s-3 9.500-8 9.500" strokeDasharray="0.100 3.400" />
        <path d="M10.500 10.500c1.500 1 1.500 5.500 0 7" />
        <path d="M14 8.500v11" strokeDasharray="0.100 3" />
      </g>
    </svg>
  );
}

export function registerIcon(): void {
  Icons.addIcon(ICON, SynthesisIcon);
}
