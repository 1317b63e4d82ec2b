import { use } from 'react'
import { words } from '#lib/words/words.request.ts'

/** The words of this request, in a sync component drawn on the server; an async one says `await words()`. */
export const useWords = () => use(words())
