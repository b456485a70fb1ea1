// A stand-in for the server, for work on the console alone: it serves the built console and answers its requests with
// plausible data made up here. `npm run mock`, then open the printed address (PORT and HOST change it).
import { start } from './server.mjs';

const { url } = await start({ port: Number(process.env.PORT ?? 5199), host: process.env.HOST ?? '127.0.0.1' });
console.log(`The console with made-up data: ${url}`);
