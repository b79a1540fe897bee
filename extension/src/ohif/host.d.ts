// The parts of OHIF that we use. @ohif/* publish no types; the viewer provides these modules at run time.

declare module '@ohif/core' {
  export const DicomMetadataStore: {
    addInstances(instances: Record<string, unknown>[], madeInClient: boolean): void;
    getSeries(
      StudyInstanceUID: string,
      SeriesInstanceUID: string,
    ): { instances: Record<string, unknown>[] } | undefined;
    getStudy(StudyInstanceUID: string):
      | {
          series: {
            SeriesInstanceUID: string;
            instances?: Record<string, unknown>[];
            getInstance(SOPInstanceUID: string): unknown;
          }[];
        }
      | undefined;
  };
  export const classes: {
    MetadataProvider: {
      imageURIToUIDs: Map<string, { SeriesInstanceUID: string }>;
      addImageIdToUIDs(
        imageId: string,
        uids: { StudyInstanceUID: string; SeriesInstanceUID: string; SOPInstanceUID: string },
      ): void;
    };
  };
}

declare module '@ohif/i18n' {
  /** OHIF's i18next. */
  const i18n: {
    language: string;
    /** `language` and its fallbacks. */
    languages: readonly string[];
    hasResourceBundle(language: string, namespace: string): boolean;
    getResourceBundle(language: string, namespace: string): Record<string, string>;
    t(key: string, options: Record<string, unknown>): string;
    addResourceBundle(language: string, namespace: string, texts: Record<string, string>): void;
    on(event: 'languageChanged', listener: () => void): void;
    off(event: 'languageChanged', listener: () => void): void;
  };
  export default i18n;
}

declare module '@ohif/ui-next' {
  import type {
    ButtonHTMLAttributes,
    HTMLAttributes,
    InputHTMLAttributes,
    ReactElement,
    ReactNode,
  } from 'react';

  type Component<Props> = (props: Props) => ReactElement;
  type Part = Component<Pick<HTMLAttributes<HTMLElement>, 'className' | 'children'>>;

  export const Button: Component<
    ButtonHTMLAttributes<HTMLButtonElement> & {
      variant?: 'default' | 'secondary' | 'ghost';
      size?: 'default' | 'sm' | 'lg';
      dataCY?: string;
    }
  >;
  export const Input: Component<InputHTMLAttributes<HTMLInputElement> & { 'data-cy'?: string }>;
  export const Select: Component<{
    value: string;
    disabled: boolean;
    onValueChange: (value: string) => void;
    children: ReactNode;
  }>;
  export const SelectTrigger: Component<HTMLAttributes<HTMLButtonElement> & { 'data-cy'?: string }>;
  export const SelectValue: Component<object>;
  export const SelectContent: Component<HTMLAttributes<HTMLDivElement>>;
  export const SelectItem: Component<{ value: string; children: string }>;
  export const PanelSection: Component<
    HTMLAttributes<HTMLDivElement> & { defaultOpen?: boolean; 'data-cy'?: string }
  > & { Header: Part; Content: Part };
  /** @param progress per cent */
  export const ProgressLoadingBar: Component<{ progress: number }>;
  export const Icons: { addIcon(name: string, icon: (props: { className?: string }) => unknown): void };
}

declare module '*?served' {
  /** Where the bundled module lies in the extension's public folder, with its hash. */
  const path: string;
  export default path;
}
