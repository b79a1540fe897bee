import { identityOf, type Text } from '../messages';

/**
 * Fault in the pixels of one image, a phrase after "could not be read:". Other errors of decoders and readers
 * are not shown to users.
 */
export class PixelFault extends Error {
  /** @param text a string if only the command line shows it: English */
  constructor(readonly text: Text) {
    super(typeof text === 'string' ? text : identityOf(text));
  }
}
