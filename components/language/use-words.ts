import { createContext, use } from 'react'
import { italian, type Words } from '#lib/words/language.ts'

/** Italian until `ClientWords` says otherwise: an Italian page carries no catalogue. */
export const WordsContext = createContext<Words>(italian)

/** The words of the page, in a component that runs in the browser. */
export const useWords = () => use(WordsContext)
