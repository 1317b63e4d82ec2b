import { use } from 'react'
import { readWords } from '#lib/words/words.request.ts'

/** The words of this request, in a sync component drawn on the server; an async one says `await readWords()`. */
export const useWords = () => use(readWords())
