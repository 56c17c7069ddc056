/**
 * A Python program that uses pip's own finder and session, so that the user's settings for indexes, logins,
 * proxies and certificates all count, for what pip's commands cannot do: name the URL of a wheel without
 * fetching it, and go on with a download that broke off.
 *
 *     find PIP-ARGUMENTS... -- REQUIREMENT...    prints a list of wheels as JSON
 *     fetch URL FILE                             prints `BYTES TOTAL SECONDS` now and then
 *
 * Exit codes: 0 done; 3 not possible in this way (pip download may know better, or say better why); 4 broken
 * off, and the file keeps what came; 5 disk full. It dies when its reader does, and a lock keeps two of
 * them from writing the same file.
 */
export const PIP_SCRIPT = `
import errno, json, os, sys, time

def give_up(error):
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(3)

try:
    from pip._internal.cli.cmdoptions import make_target_python
    from pip._internal.commands import create_command
    from pip._internal.req.constructors import install_req_from_line
    command = create_command("download")
except Exception as error: give_up(error)

def find(arguments):
    cut = arguments.index("--")
    options, _ = command.parse_args(arguments[:cut])
    session = command.get_default_session(options)
    finder = command._build_package_finder(options, session, target_python=make_target_python(options))
    wheels = []
    for line in arguments[cut + 1:]:
        requirement = install_req_from_line(line).req
        best = finder.find_best_candidate(requirement.name, requirement.specifier).best_candidate
        if best is None: raise LookupError(f"no wheel for {line}")
        sha256 = best.link.hash if best.link.hash_name == "sha256" else ""
        wheels.append({
            "name": requirement.name, "version": str(best.version), "file": best.link.filename,
            "url": best.link.url_without_fragment, "sha256": sha256,
        })
    print(json.dumps(wheels))

def fetch(url, target):
    import fcntl
    options, _ = command.parse_args([])
    session = command.get_default_session(options)
    started, reported, failures, came = time.monotonic(), 0.0, 0, False
    with open(target, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        while True:
            position = file.seek(0, os.SEEK_END)
            try:
                headers = {"Range": f"bytes={position}-", "Accept-Encoding": "identity"}
                answer = session.get(url, headers=headers, stream=True)
                if answer.status_code == 416: # nothing beyond what is there: complete, or of another file
                    total = (answer.headers.get("Content-Range") or "").rpartition("/")[2]
                    if total == str(position): return
                    file.truncate(0)
                    raise OSError("the file on the server is shorter than what is here")
                answer.raise_for_status()
                if answer.status_code == 206:
                    total = int(answer.headers["Content-Range"].rpartition("/")[2])
                else: # the server knows no ranges: from the beginning
                    file.truncate(0)
                    position, total = 0, int(answer.headers.get("Content-Length") or 0)
                for block in answer.raw.stream(1 << 18, decode_content=False):
                    now = time.monotonic() - started
                    if now - reported > 0.25:
                        print(position, total, round(now, 2), flush=True)
                        reported = now
                    file.write(block)
                    position += len(block)
                    failures, came = 0, True
                if position >= total: return
                raise OSError(f"the server sent {position} of {total} bytes")
            except BrokenPipeError: os._exit(1)
            except Exception as error:
                if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT): sys.exit(5)
                file.flush()
                failures += 1
                if not came and failures > 1: give_up(error)
                if failures > 4:
                    print(f"{type(error).__name__}: {error}", file=sys.stderr)
                    sys.exit(4)
                time.sleep(min(8, 2 ** (failures - 1)))

with command.main_context(): # which a session of pip needs
    if sys.argv[1] == "fetch": fetch(*sys.argv[2:])
    else:
        try: find(sys.argv[2:])
        except Exception as error: give_up(error)
`;
