"""Hard cases: real films that are easily taken for one another, or not recognised, a row each.

A row says the least that will do: of two films that look alike even to a person, `ask different` (never `same`); of
one film under two names, `same ask` where what is told would not convince a person either.
"""

from typing import Any

# ruff: noqa: E501 (a case is a row)
import pytest

from movie_db.contract.messages import Credit, MovieFacts, SourceRecord, now
from movie_db.stitching.match import FilmFeatures, judge, of_record


def f(
    title: Any,
    year: Any = None,
    director: Any = "",
    minutes: Any = None,
    cast: Any = "",
    *,
    also: Any = (),
    kind: Any = None,
    at: Any = "",
    **ids: Any,
) -> FilmFeatures:
    """A film by its title, year, directors (`A, B`), minutes, cast (`A, B`), other titles, kind, countries and ids."""
    facts = MovieFacts(
        title=title,
        alternative_titles=(also,) if isinstance(also, str) else also,
        year=year,
        runtime=minutes,
        directors=tuple(Credit(name=name) for name in director.split(", ") if name),
        cast=tuple(Credit(name=name) for name in cast.split(", ") if name),
        countries=tuple(at.split()),
    )
    url = "https://films.example/1"
    said = {"source": "s", "source_id": "1", "url": url, "retrieved_at": now(), "licence": "CC0"}
    return of_record(SourceRecord(**said, ids=ids, kind=kind, facts=facts))


CASES = [
    # Remakes: the same title, another year and director
    (f("Dune", 1984, "David Lynch", 137), f("Dune", 2021, "Denis Villeneuve", 155), "different"),
    (f("Suspiria", 1977, "Dario Argento", 99), f("Suspiria", 2018, "Luca Guadagnino", 152), "different"),
    (f("True Grit", 1969, "Henry Hathaway"), f("True Grit", 2010, "Joel Coen, Ethan Coen"), "different"),
    (f("The Fly", 1958), f("The Fly", 1986), "different"),
    (f("A Star Is Born", 1954, "George Cukor"), f("A Star Is Born", 1976, "Frank Pierson"), "different"),
    (f("A Star Is Born", 1937), f("A Star Is Born", 2018), "different"),
    (f("Scarface", 1932, "Howard Hawks", 93), f("Scarface", 1983, "Brian De Palma", 170), "different"),
    (f("Ocean's 11", 1960, "Lewis Milestone"), f("Ocean's Eleven", 2001, "Steven Soderbergh"), "different"),
    (f("3:10 to Yuma", 1957, "Delmer Daves"), f("3:10 to Yuma", 2007, "James Mangold"), "different"),
    (f("The Thing", 1982, "John Carpenter", 109), f("The Thing", 2011, "Matthijs van Heijningen Jr.", 103), "different"),
    # The same director again
    (f("Funny Games", 1997, "Michael Haneke", 109, "Susanne Lothar, Ulrich Mühe"), f("Funny Games", 2007, "Michael Haneke", 111, "Naomi Watts, Tim Roth"), "ask different"),
    (f("Funny Games", 1997, "Michael Haneke", 109), f("Funny Games", 2007, "Michael Haneke", 111), "ask different"),
    (f("The Man Who Knew Too Much", 1934, "Alfred Hitchcock", 75), f("The Man Who Knew Too Much", 1956, "Alfred Hitchcock", 120), "ask different"),
    (f("The Ten Commandments", 1923, "Cecil B. DeMille", 136), f("The Ten Commandments", 1956, "Cecil B. DeMille", 220), "ask different"),
    (f("The Grudge", 2004, "Takashi Shimizu", 91), f("Ju-On: The Grudge", 2002, "Takashi Shimizu", 92), "ask different"),
    (f("Nightwatch", 1994, "Ole Bornedal", 107), f("Nightwatch", 1997, "Ole Bornedal", 101), "ask different"),
    (f("The Vanishing", 1988, "George Sluizer", 107), f("The Vanishing", 1993, "George Sluizer", 109), "ask different"),
    (f("Holiday", 1930), f("Holiday", 1938), "different"),
    # The short film before the long one
    (f("Whiplash", 2013, "Damien Chazelle", 18, "J. K. Simmons, Johnny Simmons"), f("Whiplash", 2014, "Damien Chazelle", 106, "Miles Teller, J. K. Simmons"), "ask different"),
    (f("Frankenweenie", 1984, "Tim Burton", 29), f("Frankenweenie", 2012, "Tim Burton", 87), "ask different"),
    (f("Bottle Rocket", 1994, "Wes Anderson", 13, "Owen Wilson, Luke Wilson"), f("Bottle Rocket", 1996, "Wes Anderson", 91, "Owen Wilson, Luke Wilson"), "ask different"),
    (f("9", 2005, "Shane Acker", 11), f("9", 2009, "Shane Acker", 79), "ask different"),
    (f("Alive in Joburg", 2006, "Neill Blomkamp", 6, "Sharlto Copley"), f("District 9", 2009, "Neill Blomkamp", 112, "Sharlto Copley"), "different"),
    (f("Saw", 2003, "James Wan", 9, "Leigh Whannell"), f("Saw", 2004, "James Wan", 103, "Leigh Whannell, Cary Elwes"), "ask different"),
    # Who directs is listed as one who plays
    (f("About a Boy", 2002, "Chris Weitz", 101, "Hugh Grant, Toni Collette, Nicholas Hoult, Paul Weitz"), f("About a Boy", 2002, "Paul Weitz"), "same"),
    (f("A Star Is Born", 1976, "Frank Pierson", 139, "Barbra Streisand"), f("A Star Is Born", 2018, "Barbra Streisand"), "different"),
    # Another spelling, and a subtitle less
    (f("Mystery Science Theater 3000: The Movie", 1996, "Jim Mallon"), f("Mystery Science Theatre 3000", 1996), "ask same"),
    (f("Mystery Science Theater 3000: The Movie", 1996), f("Mystery Science Theatre 3000", 1996), "ask same"),
    (f("The Colour Purple", 1985), f("The Color Purple", 1985), "same"),
    (f("The Colour Purple", 1985), f("The Color Purple", 2023), "different"),
    (f("The Grey", 2011, "Joe Carnahan"), f("The Gray Man", 2022, "Anthony Russo"), "different"),
    (f("Harry Potter and the Goblet of Fire", 2005), f("Harry Potter and", 2001), "different"),
    # Words in another order
    (f("Jason Lives: Friday the 13th Part VI", 1986), f("Friday the 13th Part VI: Jason Lives", 1986), "ask same"),
    (f("Jason Lives: Friday the 13th Part VI", 1986, "Tom McLoughlin"), f("Friday the 13th Part VI: Jason Lives", 1986, "Tom McLoughlin"), "same"),
    # The number of a part left out, and its subtitle told
    (f("Star Wars: Episode V – The Empire Strikes Back", 1980, "Irvin Kershner"), f("Star Wars Ep. V: The Empire Strikes Back", 1980, "Irvin Kershner"), "same"),
    (f("Star Wars: The Force Awakens", 2015, "J. J. Abrams", 138), f("Star Wars Ep. VII: The Force Awakens", 2015, "JJ Abrams", 136), "same"),
    (f("Star Wars Ep. VI: Return of the Jedi", 1983), f("Star Wars Ep. V: The Empire Strikes Back", 1980), "different"),
    (f("Terminator: Judgment Day", 1991, "James Cameron"), f("Terminator 2: Judgment Day", 1991, "James Cameron"), "same ask"),
    (f("Police Academy", 1984, "Hugh Wilson"), f("Police Academy 2: Their First Assignment", 1985, "Jerry Paris"), "different"),
    # An edition, and what was read as other letters
    (f("Blade Runner (The Final Cut)", 1982, "Ridley Scott"), f("Blade Runner", 1982, "Ridley Scott"), "same"),
    (f("Oceanâ€™s Twelve", 2004, "Steven Soderbergh"), f("Ocean’s Twelve", 2004, "Steven Soderbergh"), "same"),
    # The same title, the same year, other people
    (f("The Jungle Book", 1994, "Stephen Sommers"), f("The Jungle Book", 1994, "Toshiyuki Hiruma"), "ask different"),
    (f("The Legend of Hercules", 2014, "Renny Harlin", 99), f("Hercules", 2014, "Brett Ratner", 98), "ask different"),
    (f("Hercules", 2014, "Brett Ratner", 98, "Dwayne Johnson, Ian McShane, John Hurt"), f("Hercules", 2014, "Nick Lyon", 88, "John Hennigan, Christian Oliver, Marcus Shirock"), "different"),
    (f("Pinocchio", 2022, "Robert Zemeckis", 105), f("Guillermo del Toro's Pinocchio", 2022, "Guillermo del Toro, Mark Gustafson", 117, also="Pinocchio"), "ask different"),
    (f("Pinocchio", 2022, "Robert Zemeckis", 105, "Tom Hanks, Joseph Gordon-Levitt"), f("Pinocchio: A True Story", 2021, "Vasiliy Rovenskiy", 94, "Pauly Shore, Jon Heder"), "different"),
    (f("Mirror Mirror", 2012, "Tarsem Singh", 106), f("Snow White and the Huntsman", 2012, "Rupert Sanders", 127), "different"),
    (f("Snow White", 2025, "Marc Webb", 109), f("Snow White and the Seven Dwarfs", 1937, "David Hand", 83), "different"),
    (f("Crash", 1996, "David Cronenberg", 100), f("Crash", 2004, "Paul Haggis", 112), "different"),
    (f("Aladdin", 1992, "Ron Clements, John Musker", 90), f("Aladdin", 1992, "Masakazu Higuchi", 50), "ask different"),
    (f("The Illusionist", 2006, "Neil Burger", 110), f("The Illusionist", 2010, "Sylvain Chomet", 80), "different"),
    (f("The Kid", 2019, "Vincent D'Onofrio", 100), f("The Kid Who Would Be King", 2019, "Joe Cornish", 120), "different"),
    (f("The Avengers", 1998, "Jeremiah S. Chechik"), f("The Avengers", 2012, "Joss Whedon"), "different"),
    # Sequels
    (f("Deadpool", 2016, "Tim Miller", 108, "Ryan Reynolds, Morena Baccarin"), f("Deadpool 2", 2018, "David Leitch", 119, "Ryan Reynolds, Morena Baccarin"), "different"),
    (f("Creed", 2015, "Ryan Coogler", 133, "Michael B. Jordan, Sylvester Stallone, Tessa Thompson"), f("Creed II", 2018, "Steven Caple Jr.", 130, "Michael B. Jordan, Sylvester Stallone, Tessa Thompson"), "different"),
    (f("Alien", 1979, "Ridley Scott", 117, "Sigourney Weaver"), f("Aliens", 1986, "James Cameron", 137, "Sigourney Weaver"), "different"),
    (f("Taken 2", 2012, "Olivier Megaton", 92, "Liam Neeson, Maggie Grace, Famke Janssen"), f("Taken 3", 2014, "Olivier Megaton", 108, "Liam Neeson, Maggie Grace, Famke Janssen"), "different"),
    (f("Harry Potter and the Deathly Hallows: Part 1", 2010, "David Yates", 146, "Daniel Radcliffe, Rupert Grint, Emma Watson"), f("Harry Potter and the Deathly Hallows: Part 2", 2011, "David Yates", 130, "Daniel Radcliffe, Rupert Grint, Emma Watson"), "different"),
    (f("Kill Bill: Vol. 1", 2003, "Quentin Tarantino", 111, "Uma Thurman, Lucy Liu, Vivica A. Fox"), f("Kill Bill: Vol. 2", 2004, "Quentin Tarantino", 137, "Uma Thurman, Lucy Liu, Vivica A. Fox"), "different"),
    (f("Dune", 2021, "Denis Villeneuve", 155, "Timothée Chalamet, Zendaya"), f("Dune: Part Two", 2024, "Denis Villeneuve", 166, "Timothée Chalamet, Zendaya"), "ask different"),
    (f("The Hobbit: An Unexpected Journey", 2012, "Peter Jackson", 169, "Martin Freeman, Ian McKellen"), f("The Hobbit: The Desolation of Smaug", 2013, "Peter Jackson", 161, "Martin Freeman, Ian McKellen"), "ask different"),
    (f("Desperado", 1995, "Robert Rodriguez", 104, "Antonio Banderas, Salma Hayek"), f("El Mariachi", 1992, "Robert Rodriguez", 81, "Carlos Gallardo"), "different"),
    (f("Three Colours: Blue", 1993, "Krzysztof Kieślowski", 98), f("Three Colours: White", 1994, "Krzysztof Kieślowski", 91), "ask different"),
    (f("Jean de Florette", 1986, "Claude Berri", 120, "Yves Montand, Daniel Auteuil"), f("Manon des Sources", 1986, "Claude Berri", 113, "Yves Montand, Daniel Auteuil"), "ask different"),
    (f("Flags of Our Fathers", 2006, "Clint Eastwood", 132), f("Letters from Iwo Jima", 2006, "Clint Eastwood", 141), "different"),
    (f("Spider-Man", 2002, "Sam Raimi", 121, "Tobey Maguire, Kirsten Dunst"), f("Spider-Man 2", 2004, "Sam Raimi", 127, "Tobey Maguire, Kirsten Dunst"), "different"),
    (f("Rocky", 1976, "John G. Avildsen", 119, "Sylvester Stallone, Talia Shire"), f("Rocky V", 1990, "John G. Avildsen", 104, "Sylvester Stallone, Talia Shire"), "different"),
    (f("Halloween", 2018, "David Gordon Green", 106, "Jamie Lee Curtis"), f("Halloween Kills", 2021, "David Gordon Green", 105, "Jamie Lee Curtis"), "ask different"),
    (f("The Purge", 2013, "James DeMonaco", 85), f("The Purge: Anarchy", 2014, "James DeMonaco", 103), "ask different"),
    (f("Fear Street Part One: 1994", 2021, "Leigh Janiak", 107, "Kiana Madeira"), f("Fear Street Part Two: 1978", 2021, "Leigh Janiak", 109, "Sadie Sink"), "different"),
    # How a part is numbered
    (f("Dune: Part Two", 2024, "Denis Villeneuve", 166), f("Dune: Part II", 2024, "Denis Villeneuve", 166), "same"),
    (f("Dune Part 2", 2024), f("Dune: Part Two", 2024), "same"),
    (f("The Godfather: Part II", 1974, "Francis Ford Coppola"), f("The Godfather 2", 1974, "Francis Coppola"), "same"),
    (f("Rocky IV", 1985), f("Rocky 4", 1985), "same"),
    (f("Kill Bill: Vol. 2", 2004), f("Kill Bill: Volume 2", 2004), "same"),
    (f("Mission: Impossible – Dead Reckoning Part One", 2023, "Christopher McQuarrie", 163), f("Mission: Impossible - Dead Reckoning", 2023, "Christopher McQuarrie", 164), "same"),
    (f("Star Wars: Episode V – The Empire Strikes Back", 1980, "Irvin Kershner"), f("The Empire Strikes Back", 1980, "Irvin Kershner"), "same ask"),
    (f("Friday the 13th Part III", 1982, "Steve Miner"), f("Friday the 13th Part 3", 1982, "Steve Miner"), "same"),
    # A part of the title left out
    (f("Star Wars", 1977, "George Lucas", 121, "Mark Hamill, Harrison Ford"), f("Star Wars: Episode IV – A New Hope", 1977, "George Lucas", 121, "Mark Hamill, Harrison Ford"), "same"),
    (f("Star Wars", 1977), f("Star Wars: Episode V – The Empire Strikes Back", 1980), "different"),
    (f("Birds of Prey", 2020, "Cathy Yan", 109), f("Birds of Prey (and the Fantabulous Emancipation of One Harley Quinn)", 2020, "Cathy Yan", 109), "same"),
    (f("Borat", 2006, "Larry Charles", 84), f("Borat: Cultural Learnings of America for Make Benefit Glorious Nation of Kazakhstan", 2006, "Larry Charles", 84), "same"),
    (f("Precious", 2009, "Lee Daniels", 110), f("Precious: Based on the Novel 'Push' by Sapphire", 2009, "Lee Daniels", 109), "same"),
    (f("Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", 1964, "Stanley Kubrick", 95), f("Dr. Strangelove", 1964, "Stanley Kubrick", 94), "same"),
    (f("Anchorman", 2004, "Adam McKay"), f("Anchorman: The Legend of Ron Burgundy", 2004, "Adam McKay"), "same"),
    (f("Master and Commander", 2003, "Peter Weir", 138), f("Master and Commander: The Far Side of the World", 2003, "Peter Weir", 138), "same"),
    (f("Tyler Perry's Madea Goes to Jail", 2009, "Tyler Perry", 103), f("Madea Goes to Jail", 2009, "Tyler Perry", 103), "same"),
    (f("Bram Stoker's Dracula", 1992, "Francis Ford Coppola", 128), f("Dracula", 1992, "Francis Ford Coppola", 128), "same"),
    (f("Thor", 2011, "Kenneth Branagh", 115), f("Thor: Ragnarok", 2017, "Taika Waititi", 130), "different"),
    (f("Godzilla", 2014, "Gareth Edwards"), f("Godzilla: King of the Monsters", 2019, "Michael Dougherty"), "different"),
    # Spellings
    (f("Se7en", 1995, "David Fincher", 127), f("Seven", 1995, "David Fincher", 127), "same"),
    (f("Thir13en Ghosts", 2001, "Steve Beck", 91), f("Thirteen Ghosts", 2001, "Steve Beck", 91), "same"),
    (f("2 Fast 2 Furious", 2003, "John Singleton"), f("The Fast and the Furious", 2001, "Rob Cohen"), "different"),
    (f("Ocean's Eleven", 2001), f("Oceans 11", 2001), "same"),
    (f("Twelve Monkeys", 1995, "Terry Gilliam"), f("12 Monkeys", 1995, "Terry Gilliam"), "same"),
    (f("12 Angry Men", 1957), f("Twelve Angry Men", 1957), "same"),
    (f("1917", 2019, "Sam Mendes"), f("1917", 2019, "Sam Mendes"), "same"),
    (f("300", 2006, "Zack Snyder"), f("300", 2007, "Zack Snyder"), "same"),
    (f("300", 2006, "Zack Snyder"), f("300: Rise of an Empire", 2014, "Noam Murro"), "different"),
    (f("M*A*S*H", 1970, "Robert Altman"), f("MASH", 1970, "Robert Altman"), "same"),
    (f("$", 1971, "Richard Brooks"), f("$", 1971, "Richard Brooks"), "same"),
    (f("…And Justice for All", 1979), f("And Justice for All", 1979), "same"),
    (f("E.T. the Extra-Terrestrial", 1982), f("E.T. The Extra Terrestrial", 1982), "same"),
    (f("E.T.", 1982, "Steven Spielberg", 115), f("E.T. the Extra-Terrestrial", 1982, "Steven Spielberg", 115), "same"),
    (f("Fast & Furious", 2009), f("Fast and Furious", 2009), "same"),
    (f("Fast & Furious", 2009, "Justin Lin"), f("The Fast and the Furious", 2001, "Rob Cohen"), "different"),
    (f("The Hunger Games", 2012), f("Hunger Games, The", 2012), "same"),
    (f("Lucky Number Slevin", 2006, "Paul McGuigan"), f("Lucky # Slevin", 2006, "Paul McGuigan"), "same ask"),
    (f("WALL·E", 2008), f("WALL-E", 2008), "same"),
    (f("tick, tick... BOOM!", 2021), f("Tick, Tick… Boom!", 2021), "same"),
    (f("Pokémon Detective Pikachu", 2019, "Rob Letterman", 104), f("Detective Pikachu", 2019, "Rob Letterman", 104), "same"),
    (f("Batman v Superman: Dawn of Justice", 2016), f("Batman vs. Superman: Dawn of Justice", 2016), "same"),
    # Transliterations and other scripts
    (f("Seven Samurai", 1954, "Akira Kurosawa", 207), f("Shichinin no samurai", 1954, "Akira Kurosawa", 207, also="Seven Samurai"), "same"),
    (f("Seven Samurai", 1954, "Akira Kurosawa", 207), f("七人の侍", 1954, "Akira Kurosawa", 207), "same ask"),
    (f("七人の侍", 1954), f("七人の侍", 1954), "same"),
    (f("Dilwale Dulhania Le Jayenge", 1995), f("Dilwale Dulhaniya Le Jayenge", 1995), "same ask"),
    (f("Kabhi Khushi Kabhie Gham...", 2001, "Karan Johar"), f("Kabhi Khushi Kabhie Gham", 2001, "Karan Johar"), "same"),
    (f("Solyaris", 1972, "Andrei Tarkovsky", 166), f("Solaris", 1972, "Andrey Tarkovskiy", 167), "same"),
    (f("Solaris", 1972, "Andrei Tarkovsky", 166), f("Solaris", 2002, "Steven Soderbergh", 99), "different"),
    (f("Idi i smotri", 1985, "Elem Klimov", also="Come and See"), f("Come and See", 1985, "Elem Klimov"), "same"),
    (f("Tokyo monogatari", 1953, "Yasujiro Ozu", also="Tokyo Story"), f("Tōkyō Story", 1953, "Yasujirō Ozu"), "same"),
    (f("Wo hu cang long", 2000, "Ang Lee", 120), f("Crouching Tiger, Hidden Dragon", 2000, "Ang Lee", 120), "same ask"),
    (f("Крадущийся тигр, затаившийся дракон", 2000, "Энг Ли", 120), f("Crouching Tiger, Hidden Dragon", 2000, "Ang Lee", 120), "ask different"),
    (f("Крадущийся тигр, затаившийся дракон", 2000, also="Crouching Tiger, Hidden Dragon"), f("Crouching Tiger, Hidden Dragon", 2000, "Ang Lee", 120), "same"),
    (f("Baahubali: The Beginning", 2015, "S. S. Rajamouli"), f("Bahubali: The Beginning", 2015, "S.S. Rajamouli"), "same"),
    (f("Baahubali: The Beginning", 2015, "S. S. Rajamouli"), f("Baahubali 2: The Conclusion", 2017, "S. S. Rajamouli"), "different"),
    # Titles of other countries
    (f("Harry Potter and the Philosopher's Stone", 2001, "Chris Columbus", 152, "Daniel Radcliffe, Rupert Grint, Emma Watson"), f("Harry Potter and the Sorcerer's Stone", 2001, "Chris Columbus", 152, "Daniel Radcliffe, Rupert Grint, Emma Watson"), "same ask"),
    (f("Harry Potter and the Sorcerer's Stone", 2001, "Chris Columbus"), f("Harry Potter and the Philosopher's Stone", 2001, "Chris Columbus", also="Harry Potter and the Sorcerer's Stone"), "same"),
    (f("Harry Potter and the Philosopher's Stone", 2001, "Chris Columbus", 152, "Daniel Radcliffe, Rupert Grint, Emma Watson"), f("Harry Potter and the Chamber of Secrets", 2002, "Chris Columbus", 161, "Daniel Radcliffe, Rupert Grint, Emma Watson"), "ask different"),
    (f("Live Die Repeat: Edge of Tomorrow", 2014, "Doug Liman", 113), f("Edge of Tomorrow", 2014, "Doug Liman", 113), "same"),
    (f("Léon", 1994, "Luc Besson", 110), f("The Professional", 1994, "Luc Besson", 110), "same ask"),
    (f("Léon: The Professional", 1994, "Luc Besson", 110), f("Léon", 1994, "Luc Besson", 110), "same"),
    (f("Zootropolis", 2016, "Byron Howard, Rich Moore", 108, "Ginnifer Goodwin, Jason Bateman, Idris Elba"), f("Zootopia", 2016, "Byron Howard, Rich Moore", 108, "Ginnifer Goodwin, Jason Bateman, Idris Elba"), "same ask"),
    (f("The Avengers", 2012, "Joss Whedon"), f("Marvel's The Avengers", 2012, "Joss Whedon"), "same"),
    (f("Mad Max 2", 1981, "George Miller", 96, also="The Road Warrior"), f("The Road Warrior", 1982, "George Miller", 95), "same"),
    # Festival and release
    (f("The Hurt Locker", 2008, "Kathryn Bigelow", 131), f("The Hurt Locker", 2009, "Kathryn Bigelow", 131), "same"),
    (f("The Hurt Locker", 2008), f("The Hurt Locker", 2009), "same ask"),
    (f("Memento", 2000, "Christopher Nolan"), f("Memento", 2001, "Christopher Nolan"), "same"),
    (f("All the Boys Love Mandy Lane", 2006, "Jonathan Levine", 90), f("All the Boys Love Mandy Lane", 2013, "Jonathan Levine", 90), "same ask"),
    (f("The Cabin in the Woods", 2010, "Drew Goddard", 95), f("The Cabin in the Woods", 2012, "Drew Goddard", 95), "same"),
    (f("Hero", 2002, "Zhang Yimou", 99), f("Hero", 2004, "Yimou Zhang", 99), "same"),
    (f("Capote", 2005, "Bennett Miller"), f("Infamous", 2006, "Douglas McGrath"), "different"),
    # Cuts
    (f("Blade Runner", 1982, "Ridley Scott", 117, "Harrison Ford"), f("Blade Runner: The Final Cut", 1982, "Ridley Scott", 117, "Harrison Ford"), "same ask"),
    (f("Kingdom of Heaven", 2005, "Ridley Scott", 144, "Orlando Bloom, Eva Green"), f("Kingdom of Heaven", 2005, "Ridley Scott", 194, "Orlando Bloom, Eva Green"), "same"),
    (f("Once Upon a Time in America", 1984, "Sergio Leone", 139), f("Once Upon a Time in America", 1984, "Sergio Leone", 229), "same"),
    (f("Justice League", 2017, "Zack Snyder", 120, "Ben Affleck, Gal Gadot"), f("Zack Snyder's Justice League", 2021, "Zack Snyder", 242, "Ben Affleck, Gal Gadot"), "ask different"),
    # Series, documentaries and books of the same name
    (f("Fargo", 1996, "Joel Coen", kind="film"), f("Fargo", 2014, kind="series"), "different"),
    (f("Westworld", 1973, kind="film"), f("Westworld", 1973, kind="series"), "different"),
    (f("Buffy the Vampire Slayer", 1992, kind="film"), f("Buffy the Vampire Slayer", 1997, kind="series"), "different"),
    (f("Psycho", 1960, kind="film"), f("Psycho", 1959, kind="other"), "different"),
    (f("Jodorowsky's Dune", 2013, "Frank Pavich", 90), f("Dune", 1984, "David Lynch", 137), "different"),
    (f("Room 237", 2012, "Rodney Ascher"), f("The Shining", 1980, "Stanley Kubrick"), "different"),
    (f("The Making of Jurassic Park", 1995, "John Schultz", 50), f("Jurassic Park", 1993, "Steven Spielberg", 127), "different"),
    (f("78/52", 2017, "Alexandre O. Philippe"), f("Psycho", 1960, "Alfred Hitchcock"), "different"),
    (f("Best Worst Movie", 2009, "Michael Stephenson"), f("Troll 2", 1990, "Claudio Fragasso"), "different"),
    (f("Hearts of Darkness: A Filmmaker's Apocalypse", 1991, "Eleanor Coppola"), f("Apocalypse Now", 1979, "Francis Ford Coppola"), "different"),
    (f("Empire of Dreams: The Story of the Star Wars Trilogy", 2004), f("Star Wars", 1977), "different"),
    # Ids
    (f("Eden", 2012, "Megan Griffiths", 98, imdb="tt1734433"), f("Eden", 2012, "Megan Griffiths", 98, imdb="tt1734434"), "ask different"),
    (f("Heat", 1995, "Michael Mann", 170, imdb="tt0113277"), f("Heat", 1995, "Michael Mann", 170, imdb="tt0113277"), "same"),
    (f("Heat", 1995, imdb="tt0113277"), f("Heat", 1986, imdb="tt0091188"), "different"),
    (f("Heat", 1995, "Michael Mann", 170, imdb="tt0113277"), f("Heat", 1986, "Dick Richards", 101, imdb="tt0113277"), "ask different"),
    (f("Fargo", 1996, "Joel Coen", 98, imdb="tt0116282"), f("Big Night", 1996, "Stanley Tucci", 109, imdb="tt0116282"), "ask different"),
    (f("Se7en", 1995, imdb="tt0114369", tmdb="807"), f("Seven", 1995, imdb="tt0114369", tmdb="808"), "same"),
    (f("Léon", 1994, "Luc Besson", imdb="tt0110413"), f("The Professional", 1994, "Luc Besson", imdb="tt0110413"), "same"),
    (f("Zootropolis", 2016, imdb="tt2948356"), f("Zootopia", 2016, imdb="tt2948356"), "same ask"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "status"), CASES, ids=lambda x: min(x.titles, default="") if isinstance(x, FilmFeatures) else x
)
def test_a_hard_case_is_judged_as_a_person_would(left: Any, right: Any, status: Any) -> None:
    verdict = judge(left, [right])
    assert verdict.status in status.split(), list(map(str, verdict.evidence))
    assert judge(right, [left]).status == verdict.status
