// Package depot holds no code: its tests look at the repository as a whole, where no other package would.
//
// They hold true that the top level keeps its agreed list, that no file carries a path of one machine or a download
// address, that docker-compose.yml and publiccode.yml are sound, that README.md documents every setting and links to
// what exists, and that the imports of the browser application go one way.
package depot
