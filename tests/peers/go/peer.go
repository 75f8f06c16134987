// Verifies a published log, or a log proof, with Go's own packages: golang.org/x/mod/sumdb/note and sumdb/tlog.
//
//	peer log DIR VKEY [OLDER-CHECKPOINT]
//	peer proof PROOF ENTRY VKEY
//
// Prints one line and ends with 0 when everything holds; prints the reason and ends with 1 when something does not.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("usage: peer log DIR VKEY [OLDER] | peer proof PROOF ENTRY VKEY"))
	}
	if os.Args[1] == "log" {
		older := ""
		if len(os.Args) > 4 {
			older = os.Args[4]
		}
		checkLog(os.Args[2], os.Args[3], older)
		return
	}
	checkProof(os.Args[2], os.Args[3], os.Args[4])
}

func fail(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(name)
	fail(err)
	return data
}

// open checks the note's signature by the key and reads the checkpoint in it.
func open(msg []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	fail(err)
	opened, err := note.Open(msg, note.VerifierList(verifier))
	fail(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail(fmt.Errorf("the checkpoint is not three lines under the key's name"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	fail(err)
	hash, err := tlog.ParseHash(lines[2])
	fail(err)
	return tlog.Tree{N: size, Hash: hash}
}

// files reads tiles from a folder; C2SP leaves out the height that Go's paths carry.
type files struct{ folder string }

func (f files) Height() int { return 8 }

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, name))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func checkLog(folder, vkey, older string) {
	tree := open(read(filepath.Join(folder, "checkpoint")), vkey)
	hashes := tlog.TileHashReader(tree, files{folder})
	count := int64(0)
	for first := int64(0); first < tree.N; first += 256 {
		for _, entry := range bundle(folder, first/256, tree.N-first) {
			proof, err := tlog.ProveRecord(tree.N, count, hashes)
			fail(err)
			fail(tlog.CheckRecord(proof, tree.N, tree.Hash, count, tlog.RecordHash(entry)))
			count++
		}
	}
	if count != tree.N {
		fail(fmt.Errorf("%d entries in a tree of %d", count, tree.N))
	}
	if older != "" {
		before := open(read(older), vkey)
		proof, err := tlog.ProveTree(tree.N, before.N, hashes)
		fail(err)
		fail(tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash))
	}
	fmt.Println("verified", tree.N, "entries")
}

// bundle reads one entry bundle (C2SP tlog-tiles: a big-endian uint16 length before each entry).
func bundle(folder string, index, left int64) [][]byte {
	tile := tlog.Tile{H: 8, L: 0, N: index, W: 256}
	if left < 256 {
		tile.W = int(left)
	}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data := bytes.NewReader(read(filepath.Join(folder, name)))
	var entries [][]byte
	for data.Len() > 0 {
		var size uint16
		fail(binary.Read(data, binary.BigEndian, &size))
		entry := make([]byte, size)
		if n, _ := data.Read(entry); n != int(size) {
			fail(fmt.Errorf("an entry bundle is cut short"))
		}
		entries = append(entries, entry)
	}
	return entries
}

func checkProof(proofFile, entryFile, vkey string) {
	parts := bytes.SplitN(read(proofFile), []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if len(parts) != 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail(fmt.Errorf("not a tlog-proof"))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	fail(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		var hash tlog.Hash
		raw, err := base64.StdEncoding.DecodeString(line)
		fail(err)
		copy(hash[:], raw)
		proof = append(proof, hash)
	}
	tree := open(parts[1], vkey)
	fail(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(read(entryFile))))
	fmt.Println("verified entry", index)
}
