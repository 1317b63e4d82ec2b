import 'server-only'
import { headers } from 'next/headers'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'

/** The address of the page being drawn, with its query. */
export const requestAddress = async (): Promise<string> => (await headers()).get(PATH_HEADER) ?? '/'

/** The address of the page being drawn, without its query. Links compare themselves with it to say "you are here". */
export const requestPath = async (): Promise<string> => (await requestAddress()).split('?')[0] as string
