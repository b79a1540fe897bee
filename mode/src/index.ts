import i18n from '@ohif/i18n';

const id = 'ohif-mode-modality-synthesis';
const extension = 'ohif-extension-modality-synthesis';
const panel = `${extension}.panelModule.synthesis`;
const extensionDependencies = { [extension]: '^0.2.0' };

interface Route {
  layoutInstance: { props: Record<string, unknown> & { rightPanels?: string[] } };
}

/** The part of OHIF's basic mode that we change. */
interface ModeInstance {
  extensions: Record<string, string>;
  routes: Route[];
}

interface FactoryInput {
  modeConfiguration?: object;
  /** OHIF >= 3.12: loads other modes at run time. */
  loadModules(names: string[]): Promise<{ modeInstance: ModeInstance }[]>;
}

/**
 * OHIF's basic mode with our panel open on the right, series opened at their middle slice; the extension adds
 * the button.
 */
export default {
  id,
  extensionDependencies,
  async modeFactory({ modeConfiguration, loadModules }: FactoryInput) {
    const [{ modeInstance: basic }] = await loadModules(['@ohif/mode-basic']);
    return {
      ...basic,
      id,
      routeName: 'synthesis',
      // A text of the extension, which OHIF registers before it creates modes.
      displayName: i18n.t('panel/title', { ns: 'ModalitySynthesis' }),
      hide: false,
      hangingProtocol: `${extension}.middleSlice`,
      extensions: { ...basic.extensions, ...extensionDependencies },
      routes: basic.routes.map(route => ({
        ...route,
        path: 'synthesis',
        layoutInstance: {
          ...route.layoutInstance,
          props: {
            ...route.layoutInstance.props,
            rightPanels: [panel, ...(route.layoutInstance.props.rightPanels ?? [])],
            rightPanelClosed: false,
          },
        },
      })),
      ...modeConfiguration,
    };
  },
};
