import { startEmbeddedPostgres } from '../embedded-postgres';

// Owns the data folder given as argument until it is killed; prints the server's address when it is up.
startEmbeddedPostgres({ dataDir: process.argv[2], log: () => undefined }).then(
  ({ url }) => console.log(url),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
