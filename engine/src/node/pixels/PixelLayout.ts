/** What a decoder must know of an image. */
export interface PixelLayout {
  /** Rows times columns. */
  pixels: number;
  /** 1 or 2. */
  bytesPerPixel: number;
}
