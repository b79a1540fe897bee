/** Package name and extension id: OHIF loads runtime extensions by it. */
export const id = 'ohif-extension-modality-synthesis';

/** Shown in DICOM SoftwareVersions. */
export const version = '0.2.0';
