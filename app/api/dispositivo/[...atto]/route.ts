export { handleDevice as POST } from '#lib/auth/device-handler.ts'
