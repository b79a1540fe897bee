/**
 * OHIF's configuration for the demo, development and tests.
 *
 * What a hospital needs in its own config of OHIF 3.13: the two package names, the one line which adds the panel to the
 * modes it has (`customizationService`), and, where the defaults do not fit, `modalitySynthesis`.
 */
window.config = {
  name: 'modality-synthesis',
  routerBasename: null,
  extensions: ['ohif-extension-modality-synthesis'],
  modes: ['ohif-mode-modality-synthesis'],

  // By route name, not for '*': our own mode brings the panel itself, and would have it twice.
  customizationService: {
    // OHIF's guided tour would lie over the page on the first visit.
    global: { 'ohif.tours': { $set: [] } },
    mode: {
      viewer: { rightPanels: { $push: ['ohif-extension-modality-synthesis.panelModule.synthesis'] } },
      basic: { rightPanels: { $push: ['ohif-extension-modality-synthesis.panelModule.synthesis'] } },
    },
  },
  modalitySynthesis: {},

  showStudyList: true,
  investigationalUseDialog: { option: 'never' },
  maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: true,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },

  defaultDataSourceName: 'dicomweb',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'dicomweb',
      configuration: {
        friendlyName: 'Studies on this machine',
        name: 'local',
        wadoUriRoot: '/wado',
        qidoRoot: '/dicom-web',
        wadoRoot: '/dicom-web',
        qidoSupportsIncludeField: false,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        omitQuotationForMultipartRequest: true,
        dicomUploadEnabled: false,
        bulkDataURI: { enabled: true, relativeResolution: 'studies' },
      },
    },
  ],
};
