export { handleAuth as GET, handleAuth as POST } from '#lib/entry/sign-in.http.ts'
