declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface J2KDecoder {
    /** A view into WebAssembly memory, valid until memory grows. */
    getEncodedBuffer(length: number): Uint8Array;
    decodeSubResolution(level: number, layers: number): void;
    /** A copy. */
    getDecodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
    getFrameInfo(): {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
    };
    delete(): void;
  }
  interface OpenJpeg {
    readonly J2KDecoder: new () => J2KDecoder;
    readonly HEAPU8: Uint8Array;
  }
  const load: (module: {
    readonly print: (text: string) => void;
    readonly printErr: (text: string) => void;
  }) => Promise<OpenJpeg>;
  export default load;
}
