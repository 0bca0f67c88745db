// Package cog is the official geographic code of INSEE in memory: current communes, municipal
// arrondissements, former codes and EPCI, read from a compressed file embedded in the program.
//
// The file carries its own source, licence and vintage; scripts/cog writes it, and the same source always
// gives the same bytes. The code is data with a vintage (07 §2.4): Millesime is shown by the health route.
//
// Two sets are served, because the deposit and the validator do not agree (07 §2.4, 07 §10.5). For the
// deposit, Paris 75056, Lyon 69123, Marseille 13055 and their 45 arrondissements are all current. For the
// validator of address files the three whole communes do not exist, nor the former code that only one of
// them gathers: the functions whose name ends with BAL answer for that set.
//
// Codes are compared exactly: 2A004 is known, 2a004 is not. Nothing here reads the database, whose table
// commune holds the codes that operations refer to, nor knows postcodes, regions by name or populations.
//
// A Cog never changes after it was read: it may be shared by any number of goroutines, and what it returns
// must not be modified.
package cog
