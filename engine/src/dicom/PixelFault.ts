import { identityOf, type Text } from '../messages';

/**
 * What is wrong with the pixels of one image: half a text that goes on from "could not be read:". Whatever else a
 * decoder or a reader throws is not for people.
 */
export class PixelFault extends Error {
  /** @param text a string where nobody but the command line says it: English only */
  constructor(readonly text: Text) {
    super(typeof text === 'string' ? text : identityOf(text));
  }
}
