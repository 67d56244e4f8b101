import { DATA_DIR } from '../../config/data-files.ts'
import { buildData } from './build-data.ts'

buildData(process.argv[2] ?? DATA_DIR, (line) => process.stdout.write(`${line}\n`))
