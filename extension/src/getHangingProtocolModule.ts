import { id } from './id';
import type { Comparison } from './ohif/comparison/Comparison';
import { PROTOCOL } from './ohif/comparison/compareProtocol';
import type { HangingProtocol, HangingViewport, Services } from './ohif/types';

/**
 * The comparison of a synthetic series with its sources, and OHIF's default hanging protocol, in whose
 * viewports a series opens at its middle slice, unless the address names an image: the first slice of a brain
 * is black. OHIF calls a function each time it hangs the protocol: by then all extensions have theirs.
 */
export function createHangingProtocolModule(comparison: () => Pick<Comparison, 'protocol'>) {
  return () => [
    { name: PROTOCOL, protocol: () => comparison().protocol() },
    {
      // The mode names it.
      name: `${id}.middleSlice`,
      protocol: ({ servicesManager }: { servicesManager: { services: Services } }) => ({
        protocol: atMiddleSlice(servicesManager.services.hangingProtocolService.getProtocolById('default')),
      }),
    },
  ];
}

function atMiddleSlice({ stages, defaultViewport, ...protocol }: HangingProtocol): HangingProtocol {
  return {
    ...protocol,
    id: `${id}.middleSlice`,
    stages: stages.map(stage => ({ ...stage, viewports: stage.viewports.map(openAtMiddleSlice) })),
    ...(defaultViewport && { defaultViewport: openAtMiddleSlice(defaultViewport) }),
  };
}

function openAtMiddleSlice<V extends HangingViewport>(viewport: V): V {
  const { viewportOptions } = viewport;
  // An attribute that OHIF computes, here the image in the address, or else its default value.
  const initialImageOptions = {
    custom: 'sopInstanceLocation',
    ...viewportOptions.initialImageOptions,
    defaultValue: { preset: 'middle' },
  };
  return { ...viewport, viewportOptions: { ...viewportOptions, initialImageOptions } };
}
