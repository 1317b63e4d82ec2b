/** Calling codes of Italy and of the other countries of the European Union. No code of another country begins with one of them. */
export const EUROPEAN_CALLING_CODES =
  '39 30 31 32 33 34 351 352 353 356 357 358 359 36 370 371 372 385 386 40 420 421 43 45 46 48 49'
